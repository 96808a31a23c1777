// QuantLib's European and American engines over the contracts that `options_bench --export FILE` writes.
//
// usage: options FILE
//
// Prints one line `ROW | name | value | unit | goal | note` for each figure. Errors are against QuantLib's own
// high-precision scheme on every tenth contract. Time is a real number of years here and whole days in QuantLib, so
// that every contract is priced over 100 years, with rates and variance slowed down by as much: the same contract.

#include <ql/exercise.hpp>
#include <ql/instruments/vanillaoption.hpp>
#include <ql/pricingengines/vanilla/analyticeuropeanengine.hpp>
#include <ql/pricingengines/vanilla/baroneadesiwhaleyengine.hpp>
#include <ql/pricingengines/vanilla/qdfpamericanengine.hpp>
#include <ql/math/solvers1d/brent.hpp>
#include <ql/processes/blackscholesprocess.hpp>
#include <ql/quotes/simplequote.hpp>
#include <ql/termstructures/volatility/equityfx/blackconstantvol.hpp>
#include <ql/termstructures/yield/flatforward.hpp>
#include <ql/time/calendars/nullcalendar.hpp>
#include <ql/time/daycounters/actual365fixed.hpp>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <fstream>
#include <string>
#include <vector>

namespace ql = QuantLib;
using ql::ext::make_shared;

namespace {

constexpr int days = 36'500;
constexpr double spot = 100.0;
constexpr int runs = 3;
constexpr std::size_t checked = 10;

struct Contract {
    ql::Option::Type right;
    double strike, years, volatility, rate, dividend_yield;
};

// One share whose numbers are quotes, and the options on it.
struct Share {
    ql::Date today = ql::Date(1, ql::January, 2026);
    ql::DayCounter count = ql::Actual365Fixed();
    ql::ext::shared_ptr<ql::SimpleQuote> price = make_shared<ql::SimpleQuote>(spot);
    ql::ext::shared_ptr<ql::SimpleQuote> rate = make_shared<ql::SimpleQuote>(0.0);
    ql::ext::shared_ptr<ql::SimpleQuote> dividend_yield = make_shared<ql::SimpleQuote>(0.0);
    ql::ext::shared_ptr<ql::SimpleQuote> volatility = make_shared<ql::SimpleQuote>(0.2);
    ql::ext::shared_ptr<ql::GeneralizedBlackScholesProcess> process;

    Share() {
        ql::Settings::instance().evaluationDate() = today;
        auto curve = [&](const ql::ext::shared_ptr<ql::SimpleQuote>& quote) {
            return ql::Handle<ql::YieldTermStructure>(
                make_shared<ql::FlatForward>(today, ql::Handle<ql::Quote>(quote), count));
        };
        ql::Handle<ql::BlackVolTermStructure> surface(make_shared<ql::BlackConstantVol>(
            today, ql::NullCalendar(), ql::Handle<ql::Quote>(volatility), count));
        process = make_shared<ql::BlackScholesMertonProcess>(
            ql::Handle<ql::Quote>(price), curve(dividend_yield), curve(rate), surface);
    }

    void set(const Contract& it) {
        const double slow = it.years / (days / 365.0);
        price->setValue(spot);
        rate->setValue(it.rate * slow);
        dividend_yield->setValue(it.dividend_yield * slow);
        volatility->setValue(it.volatility * std::sqrt(slow));
    }

    ql::VanillaOption option(const Contract& it, const ql::ext::shared_ptr<ql::PricingEngine>& engine, bool american) const {
        const auto payoff = make_shared<ql::PlainVanillaPayoff>(it.right, it.strike);
        ql::ext::shared_ptr<ql::Exercise> exercise;
        if (american) exercise = make_shared<ql::AmericanExercise>(today, today + days);
        else exercise = make_shared<ql::EuropeanExercise>(today + days);
        ql::VanillaOption option(payoff, exercise);
        option.setPricingEngine(engine);
        return option;
    }
};

// The fastest of some runs of each piece, summed: others' work only ever adds.
template <class Work> double micros(const std::vector<Contract>& all, std::size_t every, Work work) {
    double sum = 0;
    std::size_t count = 0;
    for (std::size_t place = 0; place < all.size(); place += every, ++count) {
        double best = 1e300;
        for (int run = 0; run < runs; ++run) {
            const auto start = std::chrono::steady_clock::now();
            work(all[place]);
            const std::chrono::duration<double> passed = std::chrono::steady_clock::now() - start;
            best = std::min(best, passed.count());
        }
        sum += best;
    }
    return sum * 1e6 / count;
}

void row(const char* name, double value, const char* unit, const std::string& note) {
    std::printf("ROW | %s | %.2f | %s |  | %s\n", name, value, unit, note.c_str());
    std::fflush(stdout);
}

std::string percentiles(std::vector<double> errors) {
    std::sort(errors.begin(), errors.end());
    const auto at = [&](std::size_t percent) { return errors[(errors.size() - 1) * percent / 100]; };
    char text[100];
    std::snprintf(text, sizeof text, "price error median %.0e, 99 %% %.0e, worst %.0e", at(50), at(99), at(100));
    return text;
}

std::vector<Contract> read(const char* path) {
    std::vector<Contract> contracts;
    std::ifstream file(path);
    std::string right;
    Contract it{};
    while (file >> right >> it.strike >> it.years >> it.volatility >> it.rate >> it.dividend_yield) {
        it.right = right == "call" ? ql::Option::Call : ql::Option::Put;
        contracts.push_back(it);
    }
    return contracts;
}

volatile double sink;

// Price, and the prices of differences that give delta, gamma, vega and rho; theta is the equation's.
void american(Share& share, const std::vector<Contract>& all, const std::vector<double>& exact, const char* name,
              const ql::ext::shared_ptr<ql::PricingEngine>& engine, std::size_t every) {
    std::vector<double> errors;
    const auto price = [&](const Contract& it) { return share.option(it, engine, true).NPV(); };
    const double alone = micros(all, every, [&](const Contract& it) {
        share.set(it);
        sink = price(it);
    });
    for (std::size_t place = 0; place < all.size(); place += checked) {
        share.set(all[place]);
        errors.push_back(std::abs(price(all[place]) - exact[place / checked]));
    }
    row((std::string(name) + ", price").c_str(), alone, "µs", percentiles(errors));
    const double greeks = micros(all, every, [&](const Contract& it) {
        share.set(it);
        auto option = share.option(it, engine, true);
        double sum = option.NPV();
        for (const auto& quote : {share.price, share.volatility, share.rate}) {
            const double value = quote->value();
            quote->setValue(value * 1.001);
            sum += option.NPV();
            if (quote == share.price) {
                quote->setValue(value * 0.999);
                sum += option.NPV();
            }
            quote->setValue(value);
        }
        sink = sum;
    });
    row((std::string(name) + ", price and differences").c_str(), greeks, "µs", "5 prices: delta, gamma, vega, rho");
}

} // namespace

int main(int count, char** words) {
    if (count != 2) {
        std::fprintf(stderr, "usage: options FILE\n");
        return 2;
    }
    const auto contracts = read(words[1]);
    Share share;
    const auto analytic = make_shared<ql::AnalyticEuropeanEngine>(share.process);
    const double closed = micros(contracts, 1, [&](const Contract& it) {
        share.set(it);
        auto option = share.option(it, analytic, false);
        sink = option.NPV() + option.delta() + option.gamma() + option.theta() + option.vega() + option.rho();
    });
    row("QuantLib European price and Greeks", closed * 1e3, "ns", "AnalyticEuropeanEngine");

    std::vector<double> exact;
    const auto precise = make_shared<ql::QdFpAmericanEngine>(share.process, ql::QdFpAmericanEngine::highPrecisionScheme());
    for (std::size_t place = 0; place < contracts.size(); place += checked) {
        share.set(contracts[place]);
        exact.push_back(share.option(contracts[place], precise, true).NPV());
    }
    american(share, contracts, exact, "QuantLib Barone-Adesi and Whaley",
             make_shared<ql::BaroneAdesiWhaleyApproximationEngine>(share.process), 1);
    american(share, contracts, exact, "QuantLib QdFp fast",
             make_shared<ql::QdFpAmericanEngine>(share.process, ql::QdFpAmericanEngine::fastScheme()), 1);
    american(share, contracts, exact, "QuantLib QdFp accurate",
             make_shared<ql::QdFpAmericanEngine>(share.process, ql::QdFpAmericanEngine::accurateScheme()), checked);

    // Implied volatility by Brent's method on the fast scheme, as a user would write it.
    const auto fast = make_shared<ql::QdFpAmericanEngine>(share.process, ql::QdFpAmericanEngine::fastScheme());
    std::size_t found = 0, tried = 0;
    const double implied = micros(contracts, checked, [&](const Contract& it) {
        share.set(it);
        auto option = share.option(it, fast, true);
        const double price = option.NPV();
        const double slow = std::sqrt(it.years / (days / 365.0));
        ++tried;
        try {
            ql::Brent solver;
            solver.setMaxEvaluations(100);
            const auto miss = [&](double volatility) {
                share.volatility->setValue(volatility * slow);
                return option.NPV() - price;
            };
            sink = solver.solve(miss, 1e-8, 0.5, 0.01, 5.0);
            ++found;
        } catch (const std::exception&) {
        }
    });
    row("QuantLib implied volatility, Brent on QdFp fast", implied, "µs",
        std::to_string(found / runs) + " of " + std::to_string(tried / runs) + " found");
    return 0;
}
