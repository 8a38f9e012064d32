return await Warder.Application.Replica.Follow(args, static options => new Warder.Client.WarderVerifier(options));
