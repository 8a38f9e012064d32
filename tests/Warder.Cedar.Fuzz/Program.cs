using Warder.Cedar.Fuzz;

if (RunOptions.Parse(args) is not { } options)
{
    Console.Error.WriteLine(RunOptions.Usage);
    return 2;
}

var campaign = new Campaign(options, Console.Out);
await campaign.Run();
Console.WriteLine();
foreach (var (feature, count) in campaign.Features.Counts)
    Console.WriteLine($"{count,12:N0}  {feature}");
var missing = options.World is null ? campaign.Features.Missing : [];
if (missing.Count > 0)
    Console.WriteLine($"Never generated, or never seen: {string.Join(", ", missing)}");
Console.WriteLine($"{campaign.Requests:N0} requests, {campaign.Differences} differences");
return campaign.Differences + missing.Count == 0 ? 0 : 1;
