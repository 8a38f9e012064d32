using Warder.Faults;

if (RunOptions.Parse(args) is not { } options)
{
    Console.Error.WriteLine(RunOptions.Usage);
    return 2;
}

return Network.Enclose(args) ?? new Run(options).ToEnd();
