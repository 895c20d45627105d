using Google.Protobuf;
using Google.Protobuf.Reflection;
using OpenTelemetry.Proto.Collector.Logs.V1;
using OpenTelemetry.Proto.Collector.Metrics.V1;
using OpenTelemetry.Proto.Collector.Profiles.V1Development;
using OpenTelemetry.Proto.Collector.Trace.V1;
using Xunit;

namespace OpenTelemetry.Proto.Tests;

public class WireIdentityTests
{
    /// <summary>Official, and not for sending: what a process publishes of itself in shared memory. We have no use for it.</summary>
    private const string ProcessContext = "opentelemetry/proto/processcontext/v1development/process_context.proto";

    public static TheoryData<string> Files => [.. Ours().Keys.Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Files))]
    public void A_file_has_the_descriptor_of_the_official_one(string name)
    {
        FileDescriptorProto official = Normalised(OfficialDescriptors.Load()[name]);
        FileDescriptorProto ours = Normalised(Ours()[name]);
        Assert.Equal(JsonFormatter.Default.Format(official), JsonFormatter.Default.Format(ours));
        Assert.Equal(official, ours);
    }

    [Fact]
    public void Every_official_file_has_its_counterpart()
    {
        Assert.Equal(
            OfficialDescriptors.Load().Keys.Where(name => name != ProcessContext).Order(StringComparer.Ordinal),
            Ours().Keys.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void The_four_services_are_there_under_their_official_names()
    {
        Assert.Equal(
            [
                "opentelemetry.proto.collector.logs.v1.LogsService",
                "opentelemetry.proto.collector.metrics.v1.MetricsService",
                "opentelemetry.proto.collector.profiles.v1development.ProfilesService",
                "opentelemetry.proto.collector.trace.v1.TraceService",
            ],
            Ours().Values.SelectMany(file => file.Service.Select(s => $"{file.Package}.{s.Name}")).Order(StringComparer.Ordinal));
    }

    private static Dictionary<string, FileDescriptorProto> Ours()
    {
        Dictionary<string, FileDescriptorProto> files = [];
        Collect(TraceServiceReflection.Descriptor, files);
        Collect(MetricsServiceReflection.Descriptor, files);
        Collect(LogsServiceReflection.Descriptor, files);
        Collect(ProfilesServiceReflection.Descriptor, files);
        return files;
    }

    private static void Collect(FileDescriptor file, Dictionary<string, FileDescriptorProto> files)
    {
        if (!files.TryAdd(file.Name, FileDescriptorProto.Parser.ParseFrom(file.SerializedData))) return;
        foreach (FileDescriptor dependency in file.Dependencies) Collect(dependency, files);
    }

    /// <summary>
    /// Leaves names, numbers, labels, types, oneofs, enum values, reserved ranges, deprecations, JSON names and services; takes away what
    /// other languages' generators are told, and the order in which things are declared.
    /// </summary>
    private static FileDescriptorProto Normalised(FileDescriptorProto file)
    {
        FileDescriptorProto copy = file.Clone();
        copy.Options = copy.Options?.Deprecated == true ? new Google.Protobuf.Reflection.FileOptions { Deprecated = true } : null;
        copy.SourceCodeInfo = null;
        Sort(copy.MessageType, m => m.Name);
        Sort(copy.EnumType, e => e.Name);
        foreach (DescriptorProto message in copy.MessageType) Normalise(message);
        foreach (ServiceDescriptorProto service in copy.Service)
        {
            // "{}" after a method is an empty options message, "; " is none.
            foreach (MethodDescriptorProto method in service.Method) method.Options ??= new MethodOptions();
        }

        return copy;
    }

    private static void Normalise(DescriptorProto message)
    {
        foreach (FieldDescriptorProto field in message.Field)
        {
            // Left out where it follows from the name, as it does in every official file.
            if (field.JsonName == JsonNameOf(field.Name)) field.ClearJsonName();
        }

        Sort(message.Field, f => f.Number.ToString("D10"));
        Sort(message.NestedType, m => m.Name);
        Sort(message.EnumType, e => e.Name);
        Sort(message.ReservedRange, r => r.Start.ToString("D10"));
        foreach (DescriptorProto nested in message.NestedType) Normalise(nested);
    }

    private static string JsonNameOf(string name)
    {
        string[] words = name.Split('_');
        return words[0] + string.Concat(words.Skip(1).Select(w => w.Length == 0 ? "" : char.ToUpperInvariant(w[0]) + w[1..]));
    }

    private static void Sort<T>(Google.Protobuf.Collections.RepeatedField<T> field, Func<T, string> key)
    {
        T[] sorted = [.. field.OrderBy(key, StringComparer.Ordinal)];
        field.Clear();
        field.AddRange(sorted);
    }
}
