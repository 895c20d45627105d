namespace EbpfReceiver.IntegrationTests.Processes;

/// <summary>signal(7), as Linux numbers them.</summary>
internal enum PosixSignalNumber
{
    HangUp = 1,
    Interrupt = 2,
    Kill = 9,
    Terminate = 15,
    Continue = 18,
    Stop = 19,
}
