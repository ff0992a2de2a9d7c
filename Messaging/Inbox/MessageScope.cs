namespace Trellis.Messaging.Inbox;

/// <summary>The message that the scope handles, if it handles one.</summary>
internal sealed class MessageScope
{
    public MessageContext? Current { get; set; }
}
