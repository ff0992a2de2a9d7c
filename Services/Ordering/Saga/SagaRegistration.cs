using Shop.Ordering.EventStore;

namespace Shop.Ordering.Saga;

/// <summary>Sets up what moves orders.</summary>
internal static class SagaRegistration
{
    public static IHostApplicationBuilder AddOrderSaga(this IHostApplicationBuilder builder)
    {
        builder.AddSettings<DeadlineSettings>(DeadlineSettings.Section);
        builder.Services.AddScoped<EventStream>();
        builder.Services.AddScoped<EventLog>();
        builder.Services.AddScoped<OrderProcess>();
        OrderingTelemetry.AddTo(builder);
        return builder;
    }
}
