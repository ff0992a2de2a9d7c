using Aspire.Hosting.Dashboard;
using Aspire.Hosting.Dashboard.Wire;
using Grpc.Core;
using Update = Aspire.Hosting.Dashboard.Wire.WatchInteractionsResponseUpdate;

namespace Aspire.Hosting.Interactions;

/// <summary>The dashboard's end of the stream with questions and answers.</summary>
internal sealed class DashboardDialogs(
    AsyncDuplexStreamingCall<WatchInteractionsRequestUpdate, Update> call, CancellationToken deadline) : IDisposable
{
    public static DashboardDialogs Open(DashboardUnderTest dashboard, CancellationToken deadline) =>
        new(dashboard.Client().WatchInteractions(dashboard.Call(deadline)), deadline);

    /// <summary>The next message that the condition holds for.</summary>
    public async Task<Update> NextAsync(Func<Update, bool> condition)
    {
        while (await call.ResponseStream.MoveNext(deadline))
        {
            if (condition(call.ResponseStream.Current))
            {
                return call.ResponseStream.Current;
            }
        }

        throw new EndOfStreamException("The AppHost ended the stream.");
    }

    public Task<Update> NextAsync(Update.KindOneofCase kind) => NextAsync(update => update.KindCase == kind);

    public Task SendAsync(WatchInteractionsRequestUpdate answer) => call.RequestStream.WriteAsync(answer, deadline);

    /// <summary>Sends a dialog with values.</summary>
    public Task FillAsync(Update dialog, bool isChange, params (string Name, string Value)[] values)
    {
        var answer = new WatchInteractionsRequestUpdate
        {
            InteractionId = dialog.InteractionId,
            InputsDialog = new InteractionInputsDialog(),
            ResponseUpdate = isChange,
        };
        answer.InputsDialog.InputItems.AddRange(values.Select(value => new Dashboard.Wire.InteractionInput { Name = value.Name, Value = value.Value }));
        return SendAsync(answer);
    }

    public void Dispose() => call.Dispose();
}
