using System.Text;

namespace Aspire.Hosting;

/// <summary>Splits a command line into arguments as .NET does it for <c>ProcessStartInfo.Arguments</c>, which <c>dotnet run</c> hands launch profiles to.</summary>
internal static class CommandLine
{
    /// <summary>The arguments; quotes hold one together, and a backslash before a quote makes it a character like others.</summary>
    public static IReadOnlyList<string> Split(string? text)
    {
        var arguments = new List<string>();
        var rest = (text ?? string.Empty).AsSpan().TrimStart(" \t");
        while (!rest.IsEmpty)
        {
            arguments.Add(TakeArgument(ref rest));
            rest = rest.TrimStart(" \t");
        }

        return arguments;
    }

    private static string TakeArgument(ref ReadOnlySpan<char> rest)
    {
        var argument = new StringBuilder();
        var quoted = false;
        while (!rest.IsEmpty && (quoted || rest[0] is not (' ' or '\t')))
        {
            var backslashes = rest.Length - rest.TrimStart('\\').Length;
            rest = rest[backslashes..];
            if (rest.IsEmpty || rest[0] != '"')
            {
                argument.Append('\\', backslashes);
            }
            else
            {
                // Before a quote, two of them are one, and one that is left over makes the quote a character.
                argument.Append('\\', backslashes / 2);
                if (backslashes % 2 == 1)
                {
                    argument.Append('"');
                }
                else if (quoted && rest.StartsWith("\"\""))
                {
                    argument.Append('"');
                    rest = rest[1..];
                }
                else
                {
                    quoted = !quoted;
                }

                rest = rest[1..];
                continue;
            }

            if (backslashes == 0)
            {
                argument.Append(rest[0]);
                rest = rest[1..];
            }
        }

        return argument.ToString();
    }
}
