using Warder.Cedar.Values;

namespace Warder.Cedar.Json;

/// <summary>Formats values and entities as JSON for <see cref="ValueJson"/> and <see cref="EntityJson"/>.</summary>
internal sealed class ValueWriter(JsonWriter json)
{
    public static string Of(CedarRecord record)
    {
        var json = new JsonWriter();
        new ValueWriter(json).Write(record);
        return json.ToString();
    }

    public static string Of(IEnumerable<Entity> entities)
    {
        var json = new JsonWriter();
        var writer = new ValueWriter(json);
        json.Begin('[');
        foreach (var entity in entities)
            writer.Write(entity);
        return json.End(']').ToString();
    }

    /// <summary>Writes a uid without an escape.</summary>
    public void Uid(EntityUid uid) => json.Begin('{').Name("type").Text(uid.Type.Text).Name("id").Text(uid.Id).End('}');

    public void Write(Value value)
    {
        if (value.TryGet(out bool boolean))
            json.Word(boolean);
        else if (value.TryGet(out long number))
            json.Integer(number);
        else if (value.TryGet(out string? text))
            json.Text(text);
        else if (value.TryGet(out CedarSet? set))
            Set(set);
        else if (value.TryGet(out CedarRecord? record))
            Record(record);
        else if (value.TryGet(out EntityUid? uid))
            Escaped(uid);
        else
            Extension(value);
    }

    private void Write(Entity entity)
    {
        json.Begin('{').Name("uid");
        Uid(entity.Uid);
        json.Name("attrs");
        Record(entity.Attributes);
        json.Name("parents").Begin('[');
        foreach (var parent in entity.Parents)
            Uid(parent);
        json.End(']').Name("tags");
        Record(entity.Tags);
        json.End('}');
    }

    private void Set(CedarSet set)
    {
        json.Begin('[');
        foreach (var element in set)
            Write(element);
        json.End(']');
    }

    private void Record(CedarRecord record)
    {
        json.Begin('{');
        foreach (var (name, value) in record)
        {
            json.Name(name);
            Write(value);
        }

        json.End('}');
    }

    private void Escaped(EntityUid uid)
    {
        json.Begin('{').Name("__entity");
        Uid(uid);
        json.End('}');
    }

    private void Extension(Value value)
    {
        if (value.TryGet(out CedarIp? ip))
            Call("ip", ip.ToString());
        else if (value.TryGet(out CedarDecimal number))
            Call("decimal", number.ToString());
        else if (value.TryGet(out CedarDuration duration))
            Call("duration", duration.ToString());
        else if (value.TryGet(out CedarDateTime moment))
            Moment(moment);
    }

    private void Call(string function, string argument)
        => json.Begin('{').Name("__extn").Begin('{').Name("fn").Text(function).Name("arg").Text(argument).End('}').End('}');

    // A literal cannot express every point in time; a literal with an offset can.
    private void Moment(CedarDateTime moment)
    {
        json.Begin('{').Name("__extn").Begin('{').Name("fn").Text("offset").Name("args").Begin('[');
        Call("datetime", "1970-01-01");
        Call("duration", new CedarDuration(moment.UnixMilliseconds).ToString());
        json.End(']').End('}').End('}');
    }
}
