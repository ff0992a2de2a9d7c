using System.Security.Cryptography;
using Aspire.Hosting.Publishing;

namespace Aspire.Hosting.ApplicationModel;

/// <summary>A random value, as for a password.</summary>
/// <remarks>The characters are drawn with <see cref="RandomNumberGenerator"/>; those that are easily confused (I, l, O, 0, 1) are left out.</remarks>
public sealed class GenerateParameterDefault : ParameterDefault
{
    private const string LowerCharacters = "abcdefghjkmnpqrstuvwxyz";
    private const string UpperCharacters = "ABCDEFGHJKMNPQRSTUVWXYZ";
    private const string NumericCharacters = "0123456789";
    private const string SpecialCharacters = "-_.{}~()*+!";

    /// <summary>The number of characters at least.</summary>
    public int MinLength { get; set; }

    /// <summary>Whether a to z may occur.</summary>
    public bool Lower { get; set; } = true;

    /// <summary>Whether A to Z may occur.</summary>
    public bool Upper { get; set; } = true;

    /// <summary>Whether 0 to 9 may occur.</summary>
    public bool Numeric { get; set; } = true;

    /// <summary>Whether punctuation may occur.</summary>
    public bool Special { get; set; } = true;

    /// <summary>How many of a to z at least.</summary>
    public int MinLower { get; set; }

    /// <summary>How many of A to Z at least.</summary>
    public int MinUpper { get; set; }

    /// <summary>How many of 0 to 9 at least.</summary>
    public int MinNumeric { get; set; }

    /// <summary>How many punctuation characters at least.</summary>
    public int MinSpecial { get; set; }

    private IEnumerable<(string Name, string Characters, bool Allowed, int Minimum)> Classes =>
    [
        ("Lower", LowerCharacters, Lower, MinLower),
        ("Upper", UpperCharacters, Upper, MinUpper),
        ("Numeric", NumericCharacters, Numeric, MinNumeric),
        ("Special", SpecialCharacters, Special, MinSpecial),
    ];

    /// <inheritdoc />
    /// <exception cref="ArgumentException">The settings contradict each other.</exception>
    public override string GetDefaultValue()
    {
        foreach (var (name, _, allowed, minimum) in Classes)
        {
            if (minimum > 0 && !allowed)
            {
                throw new ArgumentException($"'{name}' must be true if 'Min{name}' is non-zero.");
            }
        }

        var alphabet = string.Concat(Classes.Where(c => c.Allowed).Select(c => c.Characters));
        if (alphabet.Length == 0)
        {
            throw new ArgumentException("At least one character type must be enabled.");
        }

        var required = string.Concat(Classes.Select(c => RandomNumberGenerator.GetString(c.Characters, c.Minimum)));
        var value = (required + RandomNumberGenerator.GetString(alphabet, Math.Max(0, MinLength - required.Length))).ToCharArray();
        RandomNumberGenerator.Shuffle<char>(value);
        return new string(value);
    }

    /// <inheritdoc />
    public override void WriteToManifest(ManifestPublishingContext context)
    {
        var writer = context.Writer;
        writer.WriteStartObject("generate");
        writer.WriteNumber("minLength", MinLength);
        foreach (var (name, _, allowed, minimum) in Classes)
        {
            if (!allowed)
            {
                writer.WriteBoolean(char.ToLowerInvariant(name[0]) + name[1..], false);
            }

            if (minimum > 0)
            {
                writer.WriteNumber("min" + name, minimum);
            }
        }

        writer.WriteEndObject();
    }
}
