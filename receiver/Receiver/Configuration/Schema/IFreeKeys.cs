namespace EbpfReceiver.Configuration;

/// <summary>Marks a type whose keys are the user's own and may contain dots: in <c>--set a.b.x.y=v</c> the rest of the path is one key.</summary>
internal interface IFreeKeys;
