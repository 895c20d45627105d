using Xunit;

namespace EbpfReceiver.ProbeLanguage.Tests;

/// <summary>Holes in the body of a log and the name of a span.</summary>
public sealed class TemplateTests
{
    [Fact]
    public void An_attribute_is_shown_by_the_decoder_of_the_hole()
    {
        BoundEmitter log = ProbeBinderTests.Bind("6.12", """
            on: [kprobe:vfs_read]
            emit: [ log: { event: reads, body: "{size} {size:hex} {mode:errno} {mode}", attributes: { size: args.count, mode: args.file.f_mode } } ]
            """).Probe!.Emitters[0];

        Assert.Equal(
            [("size", ""), ("size:hex", "hex"), ("mode:errno", "errno"), ("mode", "")],
            log.Template.Where(p => p.Attribute >= 0).Select(p => log.Attributes[p.Attribute]).Select(a => (a.Name, string.Join(' ', a.Decoders.Select(d => d.Name)))));
        Assert.Equal(["size", "mode"], log.Attributes.Where(a => a.IsReported).Select(a => a.Name));
    }
}
