using System.ComponentModel.DataAnnotations;

namespace Shop.Ordering.Placing;

/// <summary>Accepts text of one line that can be stored and shown: no control characters, of which PostgreSQL does not even store them all.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class PlainTextAttribute() : ValidationAttribute("The field {0} must not contain control characters.")
{
    public override bool IsValid(object? value) => value is not string text || !text.Any(char.IsControl);
}
