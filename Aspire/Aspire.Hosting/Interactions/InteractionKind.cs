namespace Aspire.Hosting.Interactions;

/// <summary>What is asked.</summary>
internal enum InteractionKind
{
    MessageBox,
    Notification,
    Inputs,
}
