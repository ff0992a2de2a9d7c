using System.ComponentModel.DataAnnotations;
using System.Globalization;

namespace Trellis.ServiceDefaults.Configuration;

/// <summary>
/// Demands a time between two others, which may be reached. <see cref="RangeAttribute"/> finds a type's converter by reflection, which native AOT
/// does not keep.
/// </summary>
/// <param name="minimum">The shortest time, for example <c>00:00:00.001</c>.</param>
/// <param name="maximum">The longest time, for example <c>1.00:00:00</c>.</param>
/// <exception cref="FormatException">An argument is no time.</exception>
[AttributeUsage(AttributeTargets.Property)]
public sealed class TimeRangeAttribute(string minimum, string maximum) : ValidationAttribute
{
    private readonly TimeSpan _minimum = TimeSpan.Parse(minimum, CultureInfo.InvariantCulture);
    private readonly TimeSpan _maximum = TimeSpan.Parse(maximum, CultureInfo.InvariantCulture);

    /// <summary>The shortest time.</summary>
    public string Minimum { get; } = minimum;

    /// <summary>The longest time.</summary>
    public string Maximum { get; } = maximum;

    /// <inheritdoc />
    public override bool IsValid(object? value) => value is null || (value is TimeSpan time && time >= _minimum && time <= _maximum);
}
