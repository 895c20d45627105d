namespace EbpfReceiver.Otlp;

/// <summary>
/// Field numbers of the envelope that the four signals share: Export*ServiceRequest, Resource{Spans,Metrics,Logs,Profiles},
/// Scope{Spans,Metrics,Logs,Profiles} (opentelemetry/proto/collector/*/v1/*_service.proto and the signal's own file).
/// </summary>
internal static class RequestFields
{
    /// <summary>resource_spans, resource_metrics, resource_logs, resource_profiles.</summary>
    public const int Resources = 1;

    /// <summary>Profiles only: the tables that the profiles point into.</summary>
    public const int Dictionary = 2;

    public static class PerResource
    {
        public const int Resource = 1;
        public const int Scopes = 2;
        public const int SchemaUrl = 3;
    }

    public static class PerScope
    {
        public const int Scope = 1;

        /// <summary>spans, metrics, log_records, profiles.</summary>
        public const int Items = 2;
        public const int SchemaUrl = 3;
    }

    public static class Response
    {
        public const int PartialSuccess = 1;
    }

    public static class PartialSuccess
    {
        public const int Rejected = 1;
        public const int ErrorMessage = 2;
    }
}
