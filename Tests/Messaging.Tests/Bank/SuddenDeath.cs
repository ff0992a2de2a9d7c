using System.Diagnostics;
using Microsoft.Extensions.Configuration;

namespace Trellis.Messaging.Tests.Bank;

/// <summary>Kills this process as <c>kill -9</c> does, when it reaches the place named by the setting <c>Fault</c> (<c>place:times</c>) for so many times.</summary>
internal sealed class SuddenDeath(IConfiguration configuration) : IFaultPoints
{
    private readonly string _point = configuration["Fault"]?.Split(':')[0] ?? string.Empty;
    private int _left = int.Parse(configuration["Fault"]?.Split(':')[1] ?? "0");

    public void Reached(string point)
    {
        if (point == _point && Interlocked.Decrement(ref _left) == 0)
        {
            Process.GetCurrentProcess().Kill();
        }
    }
}
