using System.ComponentModel.DataAnnotations;
using System.Net;

namespace Trellis.ServiceDefaults.Requests;

/// <summary>Demands IP addresses and networks in CIDR notation, separated by commas.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class NetworkListAttribute : ValidationAttribute
{
    public override bool IsValid(object? value) => TryParse(value as string, out _);

    public static bool TryParse(string? text, out List<IPNetwork> networks)
    {
        networks = [];
        foreach (var item in (text ?? "").Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            if (IPNetwork.TryParse(item, out var network))
            {
                networks.Add(network);
            }
            else if (IPAddress.TryParse(item, out var address))
            {
                networks.Add(new IPNetwork(address, address.GetAddressBytes().Length * 8));
            }
            else
            {
                return false;
            }
        }

        return true;
    }
}
