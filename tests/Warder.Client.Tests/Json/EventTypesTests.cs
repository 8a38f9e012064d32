using System.Reflection;

namespace Warder.Client.Tests.Json;

public sealed class EventTypesTests
{
    [Fact]
    public void The_contract_names_every_type_of_event_that_is_written()
        => Assert.Equal(Constants(typeof(Warder.Core.Events.EventTypes)), Constants(typeof(Warder.Contracts.Events.EventTypes)));

    private static IEnumerable<object?> Constants(Type type)
        => type.GetFields(BindingFlags.Public | BindingFlags.Static).Where(field => field.IsLiteral)
            .Select(field => field.GetRawConstantValue()).Order();
}
