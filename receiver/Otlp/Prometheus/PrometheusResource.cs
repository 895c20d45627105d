using System.Text;

namespace EbpfReceiver.Otlp;

/// <summary>
/// The labels that a resource gives: <c>job</c> and <c>instance</c> on all its series, the rest on <c>target_info</c>
/// (OpenTelemetry specification, "Prometheus and OpenMetrics Compatibility", "Resource Attributes").
/// </summary>
internal sealed class PrometheusResource
{
    private readonly PrometheusLabels _labels = new();
    private byte[] _message = [];
    private bool _known;
    private string _job = "";
    private string _instance = "";

    /// <summary>Labels of <c>target_info</c>; empty when the resource has neither job nor instance.</summary>
    public string TargetInfo { get; private set; } = "";

    public void Forget() => _known = false;

    /// <summary>Takes a resource; false when it is the one it had.</summary>
    public bool Change(in ResourceView resource)
    {
        if (_known && resource.Message.SequenceEqual(_message))
            return false;
        _known = true;
        _message = resource.Message.ToArray();
        string name = TextOf(resource, "service.name"u8);
        string space = TextOf(resource, "service.namespace"u8);
        _job = space.Length > 0 && name.Length > 0 ? space + "/" + name : name;
        _instance = InstanceOf(resource);
        TargetInfo = "";
        if (_job.Length == 0 && _instance.Length == 0)
            return true;
        _labels.Clear();
        AddTo(_labels);
        foreach (AttributeView attribute in resource.Attributes)
        {
            string key = Encoding.UTF8.GetString(attribute.Key);
            if (key is not ("service.name" or "service.namespace" or "service.instance.id"))
                _labels.Add(PrometheusName.OfLabel(key), attribute.Value.ToString());
        }
        TargetInfo = _labels.Render();
        return true;
    }

    public void AddTo(PrometheusLabels labels)
    {
        if (_job.Length > 0)
            labels.Add("job", _job);
        if (_instance.Length > 0)
            labels.Add("instance", _instance);
    }

    /// <summary>
    /// A process without an instance id is told apart from the others of its service by host and pid; else their series
    /// would be one.
    /// </summary>
    private static string InstanceOf(in ResourceView resource)
    {
        string instance = TextOf(resource, "service.instance.id"u8);
        if (instance.Length > 0)
            return instance;
        string pid = TextOf(resource, "process.pid"u8);
        string host = TextOf(resource, "host.name"u8);
        return pid.Length > 0 && host.Length > 0 ? host + ":" + pid : pid;
    }

    private static string TextOf(in ResourceView resource, ReadOnlySpan<byte> key) =>
        resource.TryGet(key, out ValueView value) ? value.ToString() : "";
}
