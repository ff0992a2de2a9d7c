using Aspire.Hosting.Pipelines;
using Aspire.Hosting.Tests.Faults;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Aspire.Hosting.Tests.Backchannel;

/// <summary>This assembly as an AppHost: some steps of publishing, a process that talks and runs, one that never gets healthy and one that ends.</summary>
internal static class SmallAppHost
{
    /// <summary>The value of the secret parameter, which no command may print.</summary>
    public const string Secret = "not-for-the-terminal";

    public static void Main(string[] args)
    {
        if (FaultyAppHost.Run(args))
        {
            return;
        }

        var builder = DistributedApplication.CreateBuilder(new DistributedApplicationOptions
        {
            Args = args,
            AssemblyName = typeof(SmallAppHost).Assembly.GetName().Name,
            DisableDashboard = true,
        });
        var password = builder.AddParameter("password", Secret, secret: true);
        builder.AddExecutable("talker", "/bin/sh", "/tmp", "-c", "echo first line; echo second line >&2; exec sleep 600")
            .WithEnvironment("PASSWORD", password);
        builder.AddExecutable("sick", "/bin/sh", "/tmp", "-c", "exec sleep 600").WithHttpEndpoint(name: "http").WithHttpHealthCheck("/");
        builder.AddExecutable("done", "/bin/sh", "/tmp", "-c", "echo over")
            .WithCommand("count", "Count", _ => Task.FromResult(CommandResults.Success("Counted.", "forty-two", CommandResultFormat.Text)))
            .WithCommand("sum", "Sum", Sum, new CommandOptions
            {
                Arguments =
                [
                    new InteractionInput { Name = "firstNumber", InputType = InputType.Number, Required = true },
                    new InteractionInput { Name = "second", InputType = InputType.Number, Value = "1" },
                    new InteractionInput { Name = "unit", InputType = InputType.Choice, Options = [KeyValuePair.Create("m", "Metre"), KeyValuePair.Create("s", "Second")] },
                ],
            });
        AddSteps(builder);
        builder.Build().Run();
    }

    private static Task<ExecuteCommandResult> Sum(ExecuteCommandContext context) => Task.FromResult(CommandResults.Success(
        "Added.", $"= {context.Arguments.GetDouble("firstNumber") + context.Arguments.GetDouble("second")} {context.Arguments.GetString("unit")}"));

    private static void AddSteps(IDistributedApplicationBuilder builder)
    {
        builder.Pipeline.AddStep("greet", async context =>
        {
            var task = await context.ReportingStep.CreateTaskAsync("Looking for somebody", context.CancellationToken);
            await task.SucceedAsync("Found", context.CancellationToken);
            context.Logger.LogInformation("Hello from a step");
            context.Summary.Add("Greeted", "1");
        });
        builder.Pipeline.AddStep("break", _ => throw new InvalidOperationException("The step is broken"), dependsOn: "greet");
        builder.Pipeline.AddStep("after-break", _ => Task.CompletedTask, dependsOn: "break");
        AddQuestions(builder);
        builder.Pipeline.AddStep("wait", context => Task.Delay(Timeout.InfiniteTimeSpan, context.CancellationToken));
    }

    private static void AddQuestions(IDistributedApplicationBuilder builder)
    {
        builder.Pipeline.AddStep("ask", async context =>
        {
            var interactions = context.Services.GetRequiredService<IInteractionService>();
            var go = await interactions.PromptConfirmationAsync("Travel", "Shall we go?", cancellationToken: context.CancellationToken);
            var answers = await interactions.PromptInputsAsync(
                "Where to",
                "Say where to",
                [
                    new InteractionInput { Name = "town", InputType = InputType.Text, Required = true },
                    new InteractionInput
                    {
                        Name = "by",
                        Label = "Means",
                        InputType = InputType.Choice,
                        DynamicLoading = new InputLoadOptions
                        {
                            LoadCallback = loading =>
                            {
                                loading.Input.Options = [KeyValuePair.Create("train", "By train"), KeyValuePair.Create("boat", "By boat")];
                                return Task.CompletedTask;
                            },
                        },
                    },
                    new InteractionInput { Name = "hidden", InputType = InputType.Text, Disabled = true, Value = "as it was" },
                ],
                new InputsDialogInteractionOptions
                {
                    ValidationCallback = check =>
                    {
                        if (check.Inputs["town"].Value == "Atlantis")
                        {
                            check.AddValidationError(check.Inputs["town"], "It has sunk.");
                        }

                        return Task.CompletedTask;
                    },
                },
                context.CancellationToken);
            context.Logger.LogInformation("{Go}: {Town} by {Means}, {Hidden}", go.Data, answers.Data!["town"].Value, answers.Data["by"].Value, answers.Data["hidden"].Value);
        });
        if (builder.ExecutionContext.IsPublishMode)
        {
            var missing = builder.AddParameter("missing");
            builder.Pipeline.AddStep(
                "use",
                async context => context.Logger.LogInformation("Given: {Value}", await missing.Resource.GetValueAsync(context.CancellationToken)),
                dependsOn: WellKnownPipelineSteps.ProcessParameters);
        }
    }
}
