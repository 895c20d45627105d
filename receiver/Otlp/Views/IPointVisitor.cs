namespace EbpfReceiver.Otlp;

/// <summary>Is shown the data points of a request, one after the other. The views are valid during the call only.</summary>
internal interface IPointVisitor
{
    void OnPoint(in ResourceView resource, in MetricView metric, in PointView point);
}
