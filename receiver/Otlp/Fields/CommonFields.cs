namespace EbpfReceiver.Otlp;

/// <summary>Field numbers of opentelemetry/proto/common/v1/common.proto and resource/v1/resource.proto.</summary>
internal static class CommonFields
{
    public static class KeyValue
    {
        public const int Key = 1;
        public const int Value = 2;

        /// <summary>Index into a profiles dictionary, instead of the key.</summary>
        public const int KeyStrindex = 3;
    }

    public static class AnyValue
    {
        public const int StringValue = 1;
        public const int BoolValue = 2;
        public const int IntValue = 3;
        public const int DoubleValue = 4;
        public const int ArrayValue = 5;
        public const int KvlistValue = 6;
        public const int BytesValue = 7;
        public const int StringValueStrindex = 8;
    }

    public static class ArrayValue
    {
        public const int Values = 1;
    }

    public static class Scope
    {
        public const int Name = 1;
        public const int Version = 2;
        public const int Attributes = 3;
        public const int DroppedAttributesCount = 4;
    }

    public static class Resource
    {
        public const int Attributes = 1;
        public const int DroppedAttributesCount = 2;
        public const int EntityRefs = 3;
    }
}
