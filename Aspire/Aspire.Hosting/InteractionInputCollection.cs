using System.Collections;
using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace Aspire.Hosting;

/// <summary>The fields of a dialog, in their order and by name. Names are the same in upper and lower case.</summary>
[DebuggerDisplay("Count = {Count}")]
public sealed class InteractionInputCollection : IReadOnlyList<InteractionInput>
{
    private readonly OrderedDictionary<string, InteractionInput> _inputs = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Creates the collection.</summary>
    /// <param name="inputs">The fields.</param>
    /// <exception cref="InvalidOperationException">Two fields have one name.</exception>
    public InteractionInputCollection(IReadOnlyList<InteractionInput> inputs)
    {
        ArgumentNullException.ThrowIfNull(inputs);
        foreach (var input in inputs)
        {
            if (!_inputs.TryAdd(input.Name, input))
            {
                throw new InvalidOperationException($"There are two inputs with the name '{input.Name}'; each needs its own.");
            }
        }
    }

    /// <summary>How many fields there are.</summary>
    public int Count => _inputs.Count;

    /// <summary>The names, in the order of the fields.</summary>
    public IEnumerable<string> Names => _inputs.Keys;

    /// <summary>The field at a place.</summary>
    public InteractionInput this[int index] => _inputs.GetAt(index).Value;

    /// <summary>The field with a name.</summary>
    /// <exception cref="KeyNotFoundException">There is none.</exception>
    public InteractionInput this[string name]
        => _inputs.TryGetValue(name, out var input) ? input : throw new KeyNotFoundException($"There is no input with the name '{name}'.");

    /// <summary>Finds the field with a name.</summary>
    public bool TryGetByName(string name, [NotNullWhen(true)] out InteractionInput? input) => _inputs.TryGetValue(name, out input);

    /// <summary>Whether there is a field with the name.</summary>
    public bool ContainsName(string name) => _inputs.ContainsKey(name);

    /// <summary>The value of a field.</summary>
    /// <exception cref="KeyNotFoundException">There is no such field.</exception>
    public string? GetString(string name) => this[name].Value;

    /// <summary>The value of a field as yes or no.</summary>
    /// <exception cref="FormatException">The value is something else.</exception>
    /// <exception cref="InvalidOperationException">There is no value.</exception>
    public bool GetBoolean(string name) => bool.Parse(ValueOf(name));

    /// <summary>The value of a field as a whole number.</summary>
    /// <exception cref="FormatException">The value is something else.</exception>
    /// <exception cref="InvalidOperationException">There is no value.</exception>
    public int GetInt32(string name) => int.Parse(ValueOf(name), NumberStyles.Integer, CultureInfo.InvariantCulture);

    /// <summary>The value of a field as a number with a point, as in English.</summary>
    /// <exception cref="FormatException">The value is something else.</exception>
    /// <exception cref="InvalidOperationException">There is no value.</exception>
    public double GetDouble(string name) => double.Parse(ValueOf(name), NumberStyles.Float, CultureInfo.InvariantCulture);

    /// <summary>The fields, in their order.</summary>
    public InteractionInput[] ToArray() => [.. _inputs.Values];

    /// <inheritdoc />
    public IEnumerator<InteractionInput> GetEnumerator() => _inputs.Values.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    private string ValueOf(string name) => GetString(name) ?? throw new InvalidOperationException($"The input '{name}' has no value.");
}
