using EbpfReceiver.Identity;

namespace EbpfReceiver.Tests.Identity;

public class ContainerReferenceTests
{
    private const string Id = "3f4ee8d5b1c2a9e07f6b5a4c3d2e1f0011223344556677889900aabbccddeeff";
    private const string Other = "ffee3f4ee8d5b1c2a9e07f6b5a4c3d2e1f0011223344556677889900aabbccdd";
    private const string Uid = "0ee7c3a1-9f4b-4c58-8a43-5d2f1f2a7c11";
    private const string Under = "0ee7c3a1_9f4b_4c58_8a43_5d2f1f2a7c11";

    [Theory]
    [InlineData("/", null, null)]
    [InlineData("", null, null)]
    [InlineData("/user.slice/user-1000.slice/session-2.scope", null, null)]
    [InlineData("/system.slice/ssh.service", null, null)]
    [InlineData("/docker/" + Id, Id, null)]
    [InlineData("/system.slice/docker-" + Id + ".scope", Id, null)]
    [InlineData("/system.slice/docker-" + Id + ".scope/init", Id, null)]
    [InlineData("/docker/" + Id + "/docker/" + Other, Other, null)]
    [InlineData("/docker/buildx/docker/" + Id, Id, null)]
    [InlineData("/../" + Id, Id, null)]
    [InlineData("/default/" + Id, Id, null)]
    [InlineData("/system.slice/nerdctl-" + Id + ".scope", Id, null)]
    [InlineData("/kubepods/burstable/pod" + Uid + "/" + Id, Id, Uid)]
    [InlineData("/kubepods/pod" + Uid + "/" + Id, Id, Uid)]
    [InlineData("/kubepods.slice/kubepods-burstable.slice/kubepods-burstable-pod" + Under + ".slice/cri-containerd-" + Id + ".scope", Id, Uid)]
    [InlineData("/kubepods.slice/kubepods-pod" + Under + ".slice/cri-containerd-" + Id + ".scope", Id, Uid)]
    [InlineData("/kubepods.slice/kubepods-besteffort.slice/kubepods-besteffort-pod" + Under + ".slice/crio-" + Id + ".scope", Id, Uid)]
    [InlineData("/kubepods.slice/kubepods-besteffort.slice/kubepods-besteffort-pod" + Under + ".slice/crio-" + Id + ".scope/container", Id, Uid)]
    [InlineData("/kubepods.slice/kubepods-besteffort.slice/kubepods-besteffort-pod" + Under + ".slice/docker-" + Id + ".scope", Id, Uid)]
    [InlineData("/kubepods.slice/kubepods-pod" + Under + ".slice/crio-conmon-" + Id + ".scope", null, Uid)]
    [InlineData("/system.slice/containerd.service/kubepods-burstable-pod" + Under + ".slice:cri-containerd:" + Id, Id, Uid)]
    [InlineData("/kubelet/kubepods/besteffort/pod" + Uid + "/" + Id, Id, Uid)]
    [InlineData("/kubepods/burstable/pod0123456789abcdef0123456789abcdef/" + Id, Id, "0123456789abcdef0123456789abcdef")]
    [InlineData("/machine.slice/libpod-" + Id + ".scope", Id, null)]
    [InlineData("/machine.slice/libpod-" + Id + ".scope/container", Id, null)]
    [InlineData("/machine.slice/libpod-conmon-" + Id + ".scope", null, null)]
    [InlineData("/libpod_parent/libpod-" + Id, Id, null)]
    [InlineData("/user.slice/user-1000.slice/user@1000.service/user.slice/libpod-" + Id + ".scope/container", Id, null)]
    [InlineData("/ecs/task-definition/" + Id, Id, null)]
    [InlineData("/docker/" + Id + "0", null, null)]
    [InlineData("/docker/3F4EE8D5B1C2A9E07F6B5A4C3D2E1F0011223344556677889900AABBCCDDEEFF", null, null)]
    [InlineData("/podman.service", null, null)]
    [InlineData("/kubepods/podnot-a-uid-but-of-thirty-six-lettersx/" + Id, Id, null)]
    public void A_cgroup_path_names_its_container_and_pod(string path, string? container, string? pod)
    {
        ContainerReference reference = ContainerReference.FromCgroupPath(path);
        Assert.Equal(container, reference.ContainerId);
        Assert.Equal(pod, reference.PodUid);
    }

    [Theory]
    [InlineData("0::/system.slice/docker-" + Id + ".scope\n", "/system.slice/docker-" + Id + ".scope")]
    [InlineData("12:pids:/docker/" + Id + "\n1:name=systemd:/docker/" + Id + "\n0::/\n", "/docker/" + Id)]
    [InlineData("9:name=systemd:/\n4:memory:/jobs/17\n0::/\n", "/jobs/17")]
    [InlineData("4:memory:/jobs/17\n0::/user.slice\n", "/user.slice")]
    [InlineData("0::/\n", "/")]
    [InlineData("1:name=systemd:/a:b\n", "/a:b")]
    [InlineData("", "")]
    [InlineData("no colons at all", "")]
    public void The_most_telling_path_of_a_cgroup_file_is_taken(string text, string path) =>
        Assert.Equal(path, CgroupFile.MostTellingPath(System.Text.Encoding.UTF8.GetBytes(text)));
}
