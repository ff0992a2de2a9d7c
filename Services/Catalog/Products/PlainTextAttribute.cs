using System.ComponentModel.DataAnnotations;

namespace Shop.Catalog.Products;

/// <summary>
/// Accepts text that can be stored and shown: PostgreSQL stores no NUL, and other control characters are a mistake of the sender.
/// Line breaks and tabs are text.
/// </summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class PlainTextAttribute() : ValidationAttribute("The field {0} must not contain control characters.")
{
    public override bool IsValid(object? value) =>
        value is not string text || !text.Any(character => char.IsControl(character) && character is not ('\n' or '\r' or '\t'));
}
