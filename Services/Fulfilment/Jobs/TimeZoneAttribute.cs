using System.ComponentModel.DataAnnotations;

namespace Shop.Fulfilment.Jobs;

/// <summary>Demands the name of a time zone that this machine knows.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class TimeZoneAttribute : ValidationAttribute
{
    public override bool IsValid(object? value) => value is string name && TimeZoneInfo.TryFindSystemTimeZoneById(name, out _);
}
