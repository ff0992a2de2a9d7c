using System.Diagnostics.CodeAnalysis;
using System.Reflection;

namespace Trellis.ServiceDefaults.Configuration;

/// <summary>One setting: a property of a settings type, as configuration and environment name it.</summary>
/// <param name="Key">The configuration key, for example <c>Health:DrainDelay</c>.</param>
/// <param name="Property">The property that takes the value.</param>
public sealed record Setting(string Key, PropertyInfo Property)
{
    /// <summary>The environment variable that sets it.</summary>
    public string Variable => VariableOf(Key);

    /// <summary>The environment variable of a configuration key: a colon is two underscores.</summary>
    /// <param name="key">The key.</param>
    /// <returns>The variable's name.</returns>
    public static string VariableOf(string key)
    {
        ArgumentNullException.ThrowIfNull(key);
        return key.Replace(":", "__", StringComparison.Ordinal);
    }

    /// <summary>What can be set of a settings type.</summary>
    /// <param name="section">The type's configuration section.</param>
    /// <param name="type">The settings type.</param>
    /// <returns>One setting for each property with a setter.</returns>
    public static IReadOnlyList<Setting> Of(
        string section, [DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicProperties)] Type type)
    {
        ArgumentNullException.ThrowIfNull(type);
        return [.. type.GetProperties().Where(property => property.CanWrite).Select(property => new Setting($"{section}:{property.Name}", property))];
    }
}
