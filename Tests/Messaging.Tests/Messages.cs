namespace Trellis.Messaging.Tests;

public sealed record ItemAdded(string Name, int Number = 0)
{
    public const string MessageType = "shop.shelf.item-added.v1";
}

public sealed record ItemSeen(string Name)
{
    public const string MessageType = "shop.shelf.item-seen.v1";
}
