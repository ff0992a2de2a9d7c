using System.Text.Json.Serialization;

namespace Trellis.Messaging.Tests.Contracts;

/// <summary>A message with all that a record can hold.</summary>
/// <param name="Id">The number of <see cref="EveryShape"/>,
/// in <c>two</c> lines.</param>
/// <param name="Note">May be missing.</param>
internal sealed record EveryShape(
    Guid Id,
    int Count,
    long Amount,
    decimal Weight,
    double Ratio,
    DateTimeOffset At,
    DateOnly Day,
    TimeSpan Length,
    Colour Colour,
    Level Level,
    Place Place,
    IReadOnlyList<Place> Places,
    IReadOnlyDictionary<string, int> Marks,
    Branch Tree,
    int? Limit,
    Place? Elsewhere = null,
    string? Note = null)
{
    public const string MessageType = "shop.shelf.every-shape.v1";

    public static EveryShape Full { get; } = new(
        Guid.Parse("019b0000-0000-7000-8000-000000000000"), int.MaxValue, long.MaxValue, 12.50m, 0.1, DateTimeOffset.UnixEpoch, DateOnly.MinValue, TimeSpan.FromDays(1.5), Colour.Green,
        Level.High, new Place("Ünïcode 灯", "A"), [new Place("", null)], new Dictionary<string, int>(StringComparer.Ordinal) { ["a"] = 1 }, new Branch([new Branch([])]), 3, new Place("x", "y"), "note");

    public static EveryShape Sparse { get; } = Full with { Places = [], Limit = null, Elsewhere = null, Note = null, Tree = new Branch([]) };
}

/// <summary>Where something is.</summary>
internal sealed record Place(string Name, string? Shelf);

internal sealed record Branch(IReadOnlyList<Branch> Branches);

[JsonConverter(typeof(JsonStringEnumConverter<Colour>))]
internal enum Colour
{
    Red,
    Green,
}

internal enum Level
{
    Low = 1,
    High = 5,
}
