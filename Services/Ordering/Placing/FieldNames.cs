using System.Text.Json;

namespace Shop.Ordering.Placing;

/// <summary>Names the fields of a refused body as the client wrote them: <c>lines[0].quantity</c>, not <c>Lines[0].Quantity</c>.</summary>
internal static class FieldNames
{
    public static void AsSent(ProblemDetailsContext context)
    {
        if (context.ProblemDetails is HttpValidationProblemDetails invalid)
        {
            invalid.Errors = invalid.Errors.ToDictionary(
                error => string.Join('.', error.Key.Split('.').Select(JsonNamingPolicy.CamelCase.ConvertName)),
                error => error.Value,
                StringComparer.Ordinal);
        }
    }
}
