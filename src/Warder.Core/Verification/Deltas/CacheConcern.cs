namespace Warder.Core.Verification.Deltas;

/// <summary>The parts of a verifier's memory that a cache delta may change.</summary>
[Flags]
public enum CacheConcern
{
    /// <summary>No part.</summary>
    None = 0,

    /// <summary>The cached keys and their owners.</summary>
    Keys = 1,

    /// <summary>The management keys, environments, token formats and signing keys.</summary>
    Management = 2,

    /// <summary>The compiled models: routes and policies.</summary>
    Models = 4,

    /// <summary>Every part.</summary>
    All = Keys | Management | Models,
}
