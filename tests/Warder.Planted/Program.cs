// A server with a bug planted in it, for the race that must find it: changes are answered before memory is told of them.
// It takes the arguments of `warder serve` that the tests use: serve --data DIR --listen URL.

using Warder.Server.Hosting;

string Argument(string name) => args[Array.IndexOf(args, name) + 1];

if (args is not ["serve", ..])
    return 0;
await using var host = await WarderHost.StartWithBugAsync(new ServeOptions { DataDirectory = Argument("--data"), Listen = Argument("--listen") });
await host.WaitForShutdownAsync(CancellationToken.None);
return 0;
