using System.CommandLine;
using System.Diagnostics;
using System.Runtime.InteropServices;
using EbpfReceiver.Bpf;
using EbpfReceiver.Configuration;
using EbpfReceiver.ProbeLanguage;
using EbpfReceiver.Probes.Declared;
using EbpfReceiver.Terminal;
using EbpfReceiver.Trace;
using Spectre.Console;

namespace EbpfReceiver.Cli;

/// <summary><c>trace</c>: a probe for the moment, looked at as it counts.</summary>
internal static class TraceCommand
{
    private static readonly TimeSpan s_tick = TimeSpan.FromSeconds(1);

    public static Command Create()
    {
        var expression = new Argument<string?>("EXPRESSION")
        {
            Description = "A one-liner as bpftrace has them: 'kprobe:vfs_read /comm == \"nginx\"/ { @[pid] = hist(retval) }'.",
            Arity = ArgumentArity.ZeroOrOne,
        };
        var file = new Option<string?>("--file", "-f") { Description = "Trace the probes of a YAML file instead; - reads standard input.", HelpName = "FILE" };
        var duration = new Option<string?>("--duration", "-d") { Description = "End after this time, such as 5s; else Ctrl-C ends it.", HelpName = "TIME" };
        var json = new Option<bool>("--json") { Description = "Print the final tables as JSON, and nothing before." };
        var attach = new Option<string>("--attach")
        {
            Description = "Consider only this kind of kernel hook.",
            DefaultValueFactory = _ => "auto",
            HelpName = "KIND",
        };
        attach.AcceptOnlyFromAmong("auto", "tp_btf", "raw_tp", "tracepoint", "fentry", "kprobe");
        var command = new Command("trace", "Attach a probe for the moment and show what it counts: histograms drawn, tables sorted.")
        {
            expression, file, duration, json, attach,
        };
        command.SetAction(async (parsed, cancel) =>
        {
            TraceInput input = TraceInput.Read(parsed.GetValue(expression), parsed.GetValue(file));
            var run = new Run(parsed.GetValue(json), DurationOf(parsed.GetValue(duration)) ?? input.Duration, PreferenceOf(parsed.GetValue(attach)!));
            await run.ExecuteAsync(input.Probes, parsed.InvocationConfiguration.Output, parsed.InvocationConfiguration.Error, cancel);
            return ExitCode.Success;
        });
        return command;
    }

    private static TimeSpan? DurationOf(string? text)
    {
        if (text is null) return null;
        // A plain number is seconds, as with sleep(1).
        if (DurationType.TryParseDuration(text, out TimeSpan duration) || DurationType.TryParseDuration(text + "s", out duration))
        {
            if (duration > TimeSpan.Zero && duration <= TimeSpan.FromDays(1)) return duration;
        }

        throw new CommandFailedException($"--duration: expected a time such as 5s, 500ms or 2m, at most 24h, found \"{text}\"", null, ExitCode.Usage);
    }

    private static AttachPreference PreferenceOf(string word) => word switch
    {
        "tp_btf" => AttachPreference.TpBtf,
        "raw_tp" => AttachPreference.RawTp,
        "tracepoint" => AttachPreference.Tracepoint,
        "fentry" => AttachPreference.Fentry,
        "kprobe" => AttachPreference.Kprobe,
        _ => AttachPreference.Auto,
    };

    /// <summary>One run of the command.</summary>
    private sealed class Run(bool json, TimeSpan? duration, AttachPreference preference)
    {
        public async Task ExecuteAsync(IReadOnlyList<ProbeSource> sources, TextWriter output, TextWriter error, CancellationToken cancel)
        {
            using var over = CancellationTokenSource.CreateLinkedTokenSource(cancel);
            using PosixSignalRegistration interrupt = OnSignal(PosixSignal.SIGINT, over);
            using PosixSignalRegistration terminate = OnSignal(PosixSignal.SIGTERM, over);
            bool live = !json && !Console.IsOutputRedirected && ConsoleViews.UsesColor(ColorChoice.Auto, false, Environment.GetEnvironmentVariable);
            var view = live ? new TraceView(AnsiConsole.Console) : null;
            var events = new TraceEvents(json ? null : view is null ? item => Say(output, TraceView.Line(item)) : view.Show);
            using TraceSession session = Start(sources, events);
            long began = Stopwatch.GetTimestamp();
            if (duration is { } limit) over.CancelAfter(limit);
            if (!json) await error.WriteLineAsync(Greeting(session));
            foreach (string absent in session.Absent) await error.WriteLineAsync($"warning: {absent}");
            await (view is null ? WaitAsync(session, over.Token) : view.RunAsync(() => Look(session), over.Token));
            session.Stop();
            TimeSpan took = Stopwatch.GetElapsedTime(began);
            IReadOnlyList<TraceProbe> result = session.Read();
            if (json)
            {
                using var buffer = new MemoryStream();
                TraceJson.Write(buffer, result, took, events);
                await output.WriteLineAsync(System.Text.Encoding.UTF8.GetString(buffer.GetBuffer(), 0, (int)buffer.Length));
                return;
            }

            var text = new TraceText(int.MaxValue);
            foreach (string line in result.SelectMany(text.Lines)) await output.WriteLineAsync(line);
        }

        private TraceSession Start(IReadOnlyList<ProbeSource> sources, TraceEvents events)
        {
            try
            {
                return TraceSession.Start(sources, preference, events);
            }
            catch (BpfException e) when (e.InnerException is ProbeLanguageException refused)
            {
                throw ProbeFileText.Refused(refused);
            }
            catch (BpfException e)
            {
                // What the message says already is not said twice.
                string? remedy = (e as BpfSyscallException)?.Remedy is { } advice && !e.Message.Contains(advice, StringComparison.Ordinal) ? advice : null;
                if (remedy is null && !CapabilitySet.OfThisProcess().CanTrace)
                    remedy = "Tracing takes CAP_BPF and CAP_PERFMON (before Linux 5.8: CAP_SYS_ADMIN), which this process lacks: run it as root.";
                throw new CommandFailedException(e.Message, remedy);
            }
        }

        private static IReadOnlyList<TraceProbe> Look(TraceSession session)
        {
            session.Tick();
            return session.Read();
        }

        private static async Task WaitAsync(TraceSession session, CancellationToken over)
        {
            try
            {
                while (true)
                {
                    await Task.Delay(s_tick, over);
                    // Processes that end meanwhile are looked up while something is still known of them.
                    Look(session);
                }
            }
            catch (OperationCanceledException)
            {
                // Time is over, or Ctrl-C.
            }
        }

        private string Greeting(TraceSession session)
        {
            int places = session.Hooks.Sum(h => h.AttachedTo.Count);
            string end = duration is { } limit ? $"for {ConfigurationSummary.Duration(limit)}" : "until Ctrl-C";
            string kinds = string.Join(", ", session.Hooks.Select(h => $"{h.Name} by {h.Chosen}").Distinct().Take(4));
            string[] waiting = [.. session.Hooks.Where(h => h.AttachedTo.Count == 0).Select(h => h.Name).Distinct()];
            string later = waiting.Length == 0 ? ""
                : $"{Environment.NewLine}No file that {string.Join(" and ", waiting)} names was found; one is attached to within 30 s of a process using it.";
            return $"Attached at {places} {(places == 1 ? "place" : "places")} ({kinds}); tracing {end}.{later}"
                + string.Concat(session.LeftOut.Select(reason => $"{Environment.NewLine}Left out, as it may be missing: {reason}"));
        }

        private static void Say(TextWriter output, string line)
        {
            lock (output) output.WriteLine(line);
        }

        private static PosixSignalRegistration OnSignal(PosixSignal signal, CancellationTokenSource over) =>
            PosixSignalRegistration.Create(signal, context =>
            {
                // A second signal ends the process at once.
                context.Cancel = !over.IsCancellationRequested;
                over.Cancel();
            });
    }
}
