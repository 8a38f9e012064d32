using System.Reflection;
using Xunit.Sdk;
using Xunit.v3;

namespace Warder.Storage.Tests.Databases;

/// <summary>A database that Warder runs on.</summary>
public enum Database
{
    Sqlite,
    Postgres,
}

/// <summary>Runs a theory on every database.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class EachDatabaseAttribute : DataAttribute
{
    public override ValueTask<IReadOnlyCollection<ITheoryDataRow>> GetData(MethodInfo testMethod, DisposalTracker disposalTracker)
        => new([.. Enum.GetValues<Database>().Select(static database => new TheoryDataRow(database))]);

    public override bool SupportsDiscoveryEnumeration() => true;
}
