using System.Collections.Frozen;
using System.Globalization;

namespace Shop.Receipts.Orders;

/// <summary>The currencies of ISO 4217 that are in use, and how many decimals they have.</summary>
internal static class Currencies
{
    private static readonly FrozenDictionary<string, int> Decimals = new[]
    {
        (0, "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF"),
        (2, "AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BGN BMD BND BOB BRL BSD BTN BWP BYN BZD CAD CDF CHF CNY COP CRC CUP CVE CZK DKK DOP DZD EGP ERN ETB EUR FJD "
            + "FKP GBP GEL GHS GIP GMD GTQ GYD HKD HNL HTG HUF IDR ILS INR IRR JMD KES KGS KHR KPW KYD KZT LAK LBP LKR LRD LSL MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK "
            + "MXN MYR MZN NAD NGN NIO NOK NPR NZD PAB PEN PGK PHP PKR PLN QAR RON RSD RUB SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TOP TRY "
            + "TTD TWD TZS UAH USD UYU UZS VED VES WST XCD XCG YER ZAR ZMW ZWG"),
        (3, "BHD IQD JOD KWD LYD OMR TND"),
        (4, "CLF UYW"),
    }.SelectMany(group => group.Item2.Split(' ').Select(code => KeyValuePair.Create(code, group.Item1))).ToFrozenDictionary(StringComparer.Ordinal);

    public static bool IsKnown(string code) => Decimals.ContainsKey(code);

    /// <summary>An amount as people write it, with the code after it: <c>1,249.50 EUR</c>.</summary>
    public static string Format(long amount, string code)
    {
        var decimals = Decimals[code];
        var whole = new decimal(amount);
        for (var digit = 0; digit < decimals; digit++)
        {
            whole /= 10;
        }

        return $"{whole.ToString($"N{decimals}", CultureInfo.InvariantCulture)} {code}";
    }
}
