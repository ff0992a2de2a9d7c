namespace Aspire.Hosting.ApplicationModel;

/// <summary>The rules for names in the model, which end up in host names, environment variables and file names.</summary>
internal static class ModelName
{
    private const int MaxLength = 64;

    public static void Validate(string target, string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        if (Problem(name) is { } problem)
        {
            throw new ArgumentException($"{Capitalize(target)} name '{name}' is invalid. {problem}", nameof(name));
        }
    }

    private static string? Problem(string name) => name switch
    {
        { Length: 0 or > MaxLength } => $"Name must be between 1 and {MaxLength} characters long.",
        _ when name.Any(c => !char.IsAsciiLetterOrDigit(c) && c != '-') => "Name must contain only ASCII letters, digits, and hyphens.",
        _ when name.Contains("--", StringComparison.Ordinal) => "Name cannot contain consecutive hyphens.",
        _ when !char.IsAsciiLetter(name[0]) => "Name must start with an ASCII letter.",
        _ when name.EndsWith('-') => "Name cannot end with a hyphen.",
        _ => null,
    };

    private static string Capitalize(string text) => char.ToUpperInvariant(text[0]) + text[1..];
}
