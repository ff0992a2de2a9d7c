using System.ComponentModel.DataAnnotations;

namespace Trellis.Gateway;

/// <summary>Demands that every value begins with a slash.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class BeginWithSlashAttribute : ValidationAttribute
{
    public override bool IsValid(object? value) => value is Dictionary<string, string> paths && paths.Values.All(path => path.StartsWith('/'));
}
