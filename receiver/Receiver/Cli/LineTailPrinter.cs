using EbpfReceiver.Configuration;
using EbpfReceiver.Otlp;
using EbpfReceiver.Terminal;
using Google.Protobuf;

namespace EbpfReceiver.Cli;

/// <summary>Prints as the console exporter does.</summary>
internal sealed class LineTailPrinter : ITailPrinter
{
    private readonly IConsoleView _view = ConsoleViews.Create(ColorChoice.Auto);
    private readonly BatchPresenter _presenter;

    public LineTailPrinter(int maxEventsPerSecond) =>
        _presenter = new BatchPresenter(_view, new ConsoleOutletOptions { MaxEventsPerSecond = maxEventsPerSecond }, TimeProvider.System);

    public void Print(Signal signal, int items, IMessage data)
    {
        _presenter.Present(signal, items, data.ToByteArray());
        _view.Flush();
    }

    public void Tick()
    {
        _presenter.Tick();
        _view.Flush();
    }
}
