namespace EbpfReceiver.ProbeLanguage;

/// <summary>How a histogram divides its values.</summary>
public abstract record HistogramShape;
