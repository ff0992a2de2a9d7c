using System.Reflection;
using System.Text.RegularExpressions;

namespace Trellis.Messaging.Registration;

/// <summary>Finds the CloudEvents type of a record.</summary>
/// <remarks>
/// It is a public constant <c>MessageType</c> of the record. Contracts are linked as source by their consumers and may not depend on the
/// platform, which an attribute or interface of ours would make them; a name derived from the class would change on the wire when
/// somebody renames the class.
/// </remarks>
internal static partial class MessageTypeName
{
    public static string Of(Type type)
    {
        var value = type.GetField("MessageType", BindingFlags.Public | BindingFlags.Static | BindingFlags.DeclaredOnly) is { IsLiteral: true } field
            ? field.GetRawConstantValue() as string
            : null;
        return value is not null && Form().IsMatch(value)
            ? value
            : throw new InvalidOperationException(
                $"{type.FullName} needs a constant that names it in CloudEvents, such as public const string MessageType = \"shop.ordering.order-submitted.v1\";");
    }

    [GeneratedRegex(@"^[a-z][a-z0-9-]*(\.[a-z0-9-]+)+\.v[1-9][0-9]*$", RegexOptions.ExplicitCapture)]
    private static partial Regex Form();
}
