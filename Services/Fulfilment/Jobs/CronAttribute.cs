using System.ComponentModel.DataAnnotations;
using Cronos;

namespace Shop.Fulfilment.Jobs;

/// <summary>Demands a cron expression of five fields, or of six with seconds in front.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class CronAttribute : ValidationAttribute
{
    private const int FieldsWithSeconds = 6;

    public override bool IsValid(object? value) => value is string text
        && CronExpression.TryParse(
            text, text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).Length == FieldsWithSeconds ? CronFormat.IncludeSeconds : CronFormat.Standard, out _);
}
