using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Reflection;
using Microsoft.Extensions.Configuration;

namespace Trellis.ServiceDefaults.Configuration;

/// <summary>Settings that belong together: a type, and the configuration section that is bound to it.</summary>
/// <param name="Section">The section, for example <c>Health</c>.</param>
/// <param name="Type">
/// The type, with a constructor without parameters that sets the defaults. Rules are <see cref="ValidationAttribute"/>s on its properties, each
/// with an error message that goes on after "it" (<c>must be longer than zero</c>). The value of one with <see cref="PasswordPropertyTextAttribute"/> is never
/// shown.
/// </param>
public sealed record SettingsGroup(
    string Section,
    [property: DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicProperties)]
    [param: DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicProperties)]
    Type Type)
{
    /// <summary>The settings as the service has them.</summary>
    internal Func<IServiceProvider, object>? Bound { get; init; }

    internal IEnumerable<string> Failures(IConfiguration configuration, IServiceProvider services)
    {
        var bound = Bound?.Invoke(services) ?? throw new InvalidOperationException($"The settings {Section} were not added with AddSettings.");
        foreach (var setting in Setting.Of(Section, Type))
        {
            var text = configuration[setting.Key];
            var inner = configuration.GetSection(setting.Key).GetChildren().Select(child => Setting.VariableOf(child.Path)).ToArray();
            var variable = inner.Length > 0 ? string.Join(", ", inner) : setting.Variable;
            var given = text is { Length: > 0 } && IsSecret(setting.Property) ? "is wrong" : text is not null ? $"is '{text}'" : inner.Length > 0 ? "is wrong" : "is missing";
            if (text is { Length: > 0 } && !IsReadable(setting.Property.PropertyType, text, out var kind))
            {
                yield return $"{variable} {given}; it must be {kind}.";
                continue;
            }

            var rules = setting.Property.GetCustomAttributes(inherit: true).OfType<ValidationAttribute>();
            foreach (var rule in rules.Where(rule => !rule.IsValid(setting.Property.GetValue(bound))))
            {
                yield return $"{variable} {given}; it {rule.FormatErrorMessage(setting.Property.Name)}.";
            }
        }
    }

    private static bool IsSecret(PropertyInfo property) => property.GetCustomAttribute<PasswordPropertyTextAttribute>()?.Password == true;

    // The binder stops at the first value it cannot read, and its message names no variable.
    private static bool IsReadable(Type type, string text, out string kind)
    {
        type = Nullable.GetUnderlyingType(type) ?? type;
        kind = type == typeof(TimeSpan) ? "a time such as 00:00:05"
            : type == typeof(bool) ? "true or false"
            : type.IsEnum ? $"one of {string.Join(", ", Enum.GetNames(type))}"
            : "a number";
        if (type == typeof(TimeSpan))
        {
            return TimeSpan.TryParse(text, CultureInfo.InvariantCulture, out _);
        }

        if (type.IsEnum)
        {
            return Enum.TryParse(type, text, ignoreCase: true, out _);
        }

        return Type.GetTypeCode(type) is TypeCode.Object || IsConvertible(type, text);
    }

    private static bool IsConvertible(Type type, string text)
    {
        try
        {
            Convert.ChangeType(text, type, CultureInfo.InvariantCulture);
            return true;
        }
        catch (Exception failure) when (failure is FormatException or OverflowException)
        {
            return false;
        }
    }
}
