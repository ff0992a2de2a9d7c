namespace Aspire.Hosting.ApplicationModel;

/// <summary>Makes names of the model into names of environment variables that every shell can use.</summary>
internal static class EnvironmentVariableName
{
    /// <summary>All but ASCII letters, digits and underscores becomes an underscore; a digit in front gets one before it.</summary>
    public static string Encode(string name)
    {
        var encoded = string.Concat(name.Select(character => char.IsAsciiLetterOrDigit(character) ? character : '_'));
        return encoded.Length > 0 && char.IsAsciiDigit(encoded[0]) ? $"_{encoded}" : encoded;
    }
}
