using System.Collections;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace Trellis.Hosting.Testing;

/// <summary>
/// The attributes of a span, log record, metric or resource. A value is a <see cref="string"/>, <see cref="bool"/>, <see cref="long"/>,
/// <see cref="double"/>, array of <see cref="byte"/>, list of values, or <see cref="TelemetryAttributes"/>.
/// </summary>
#pragma warning disable CA1710 // Attributes is the specification's word; a collection of what would be said twice.
public sealed class TelemetryAttributes : IReadOnlyDictionary<string, object?>
#pragma warning restore CA1710
{
    private readonly Dictionary<string, object?> _values;

    internal TelemetryAttributes(IEnumerable<KeyValuePair<string, object?>> values)
    {
        _values = new Dictionary<string, object?>(StringComparer.Ordinal);
        foreach (var (key, value) in values)
        {
            _values[key] = value;
        }
    }

    /// <summary>The value of an attribute; null where there is no such attribute, so that conditions on it read well.</summary>
    public object? this[string key] => _values.GetValueOrDefault(key);

    /// <inheritdoc />
    public IEnumerable<string> Keys => _values.Keys;

    /// <inheritdoc />
    public IEnumerable<object?> Values => _values.Values;

    /// <inheritdoc />
    public int Count => _values.Count;

    /// <inheritdoc />
    public bool ContainsKey(string key) => _values.ContainsKey(key);

    /// <inheritdoc />
    public bool TryGetValue(string key, [MaybeNullWhen(false)] out object? value) => _values.TryGetValue(key, out value);

    /// <summary>The value of an attribute as text, numbers as in the invariant culture; null where there is no such attribute.</summary>
    public string? Text(string key) => this[key] is { } value ? Format(value) : null;

    /// <inheritdoc />
    public IEnumerator<KeyValuePair<string, object?>> GetEnumerator() => _values.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <summary>The attributes sorted by name, as <c>{a=1, b=text}</c>.</summary>
    public override string ToString() =>
        $"{{{string.Join(", ", _values.OrderBy(value => value.Key, StringComparer.Ordinal).Select(value => $"{value.Key}={Format(value.Value)}"))}}}";

    private static string Format(object? value) => value switch
    {
        IReadOnlyList<object?> list => $"[{string.Join(", ", list.Select(Format))}]",
        byte[] bytes => Convert.ToHexStringLower(bytes),
        _ => Convert.ToString(value, CultureInfo.InvariantCulture) ?? string.Empty,
    };
}
