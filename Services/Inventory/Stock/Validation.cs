using Grpc.Core;

namespace Shop.Inventory.Stock;

/// <summary>Checks what callers send; INVALID_ARGUMENT names the field.</summary>
internal static class Validation
{
    public static Guid ReadId(string text, string field) => Guid.TryParseExact(text, "D", out var id) && id != Guid.Empty
        ? id
        : throw Invalid($"{field} must be a UUID such as 019b76da-a800-7fed-a408-df79232aa9de.");

    /// <summary>The ids, each once, in the order in which they were sent.</summary>
    public static IReadOnlyList<Guid> ReadIds(IReadOnlyCollection<string> texts, string field, int most) => texts.Count > 0 && texts.Count <= most
        ? [.. texts.Select(text => ReadId(text, field)).Distinct()]
        : throw Invalid($"{field} must hold 1 to {most} UUIDs.");

    public static void CheckRange(int value, string field, int least, int most)
    {
        if (value < least || value > most)
        {
            throw Invalid($"{field} must be from {least} to {most}.");
        }
    }

    private static RpcException Invalid(string message) => new(new Status(StatusCode.InvalidArgument, message));
}
