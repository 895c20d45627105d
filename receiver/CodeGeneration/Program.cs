using EbpfReceiver.CodeGeneration;
using EbpfReceiver.CodeGeneration.Catalogue;
using EbpfReceiver.CodeGeneration.Registry;

return args switch
{
    ["layouts", .. var rest] => LayoutsCommand.Run(rest, Console.Out, Console.Error),
    ["registry", .. var rest] => RegistryCommand.Run(rest, Console.Error),
    ["catalogue", .. var rest] => CatalogueCommand.Run(rest, Console.Out, Console.Error),
    ["-h" or "--help" or "help"] => Usage.Print(Console.Out, 0),
    _ => Usage.Print(Console.Error, 2),
};
