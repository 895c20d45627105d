using OpenTelemetry.Proto.Resource.V1;

namespace EbpfReceiver.Terminal;

/// <summary>Who an item is of.</summary>
internal readonly record struct ResourceName(string Process, int Pid, string Container)
{
    public static ResourceName Of(Resource? resource)
    {
        var attributes = new AttributeReader(resource?.Attributes);
        string name = attributes.Text("process.executable.name");
        if (name.Length == 0)
            name = attributes.Text("service.name");
        string container = attributes.Text("container.id");

        // A resource of the machine alone holds what no process is known for, as the overflow of a full map.
        if (name.Length == 0)
            name = attributes.Has("host.name") ? "others" : "?";
        return new ResourceName(name, (int)attributes.Number("process.pid"), container[..Math.Min(12, container.Length)]);
    }

    public override string ToString() => Pid > 0 ? $"{Process}[{Pid}]" : Process;
}
