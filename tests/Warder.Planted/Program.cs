// A server with a bug planted in it, for the race that must find it: changes are answered before memory is told of them.
// It takes the arguments of `warder serve` that the tests use: serve --data DIR --listen URL [--insecure].

using Warder.Planted;
using Warder.Server.Hosting;

string Argument(string name) => args[Array.IndexOf(args, name) + 1];

if (args is not ["serve", ..])
    return 0;
var options = new ServeOptions { DataDirectory = Argument("--data"), Listen = Argument("--listen"), Insecure = args.Contains("--insecure") };
await using var host = await WarderHost.StartAsync(options, new Interference { Between = memory => new LateListener(memory) });
await host.WaitForShutdownAsync(CancellationToken.None);
return 0;
