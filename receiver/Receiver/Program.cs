// Before anything is opened: each map, program and link of a probe is a descriptor, and the common limit is 1024.
EbpfReceiver.Bpf.OpenFiles.RaiseLimit();
return await EbpfReceiver.Cli.CommandLine.RunAsync(args, Console.Out, Console.Error);
