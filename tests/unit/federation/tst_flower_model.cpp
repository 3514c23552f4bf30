// SPDX-License-Identifier: GPL-3.0-or-later
#include "federation/flower_model.h"

#include <QTest>
#include <cstring>

using namespace consilium;
using namespace consilium::federation;

class tst_FlowerModel : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void tensorsComeInTheNetworksOrder();
    void meansOfIntegersAreIntegersAgain();
    void strangersAreNamed_data();
    void strangersAreNamed();
};

namespace {

Tensor doubles(std::string name, std::vector<std::int64_t> shape, const std::vector<double> &values)
{
    Tensor out{{std::move(name), DType::F64, std::move(shape)}, std::vector<std::byte>(values.size() * 8)};
    std::memcpy(out.values.data(), values.data(), out.values.size());
    return out;
}

Tensor floats(std::string name, std::vector<std::int64_t> shape, const std::vector<float> &values)
{
    return Tensor::fromFloats(std::move(name), std::move(shape), values);
}

const std::vector<TensorInfo> network{{"w", DType::F32, {2}}, {"steps", DType::I64, {}}};

} // namespace

void tst_FlowerModel::tensorsComeInTheNetworksOrder()
{
    const auto model = toNetwork({{doubles("steps", {}, {3}), floats("w", {2}, {1, 2})}, {}}, network);
    QVERIFY(model);
    QCOMPARE(model->tensors[0].info, network[0]);
    QCOMPARE(model->tensors[1].info, network[1]);
    QCOMPARE(model->tensors[0].floats()[1], 2.0F);
}

void tst_FlowerModel::meansOfIntegersAreIntegersAgain()
{
    // (3 * 10 + 4 * 20) / 30 = 3.67: what FedAvg makes of counters 3 and 4 of sites with 10 and 20 examples.
    const auto model = toNetwork({{floats("w", {2}, {0, 0}), doubles("steps", {}, {110.0 / 30})}, {}}, network);
    QVERIFY(model);
    std::int64_t steps = 0;
    std::memcpy(&steps, model->tensors[1].values.data(), 8);
    QCOMPARE(steps, std::int64_t{4});
    const auto precise = toNetwork({{doubles("w", {2}, {0.1, -2}), doubles("steps", {}, {0})}, {}}, network);
    QCOMPARE(precise->tensors[0].floats()[0], 0.1F);
}

void tst_FlowerModel::strangersAreNamed_data()
{
    QTest::addColumn<ModelState>("received");
    QTest::addColumn<QString>("words");
    const auto w = floats("w", {2}, {1, 2});
    const auto steps = doubles("steps", {}, {3});
    QTest::newRow("unknown") << ModelState{{w, steps, floats("head.bias", {1}, {1})}, {}} << "'head.bias'";
    QTest::newRow("missing") << ModelState{{w}, {}} << "lacks the tensor 'steps'";
    QTest::newRow("shape") << ModelState{{floats("w", {1, 2}, {1, 2}), steps}, {}}
                           << "'w' of the ServerApp's model has "
                              "the shape [1, 2]";
    QTest::newRow("no number") << ModelState{{w, doubles("steps", {}, {std::nan("")})}, {}} << "no I64 holds";
    QTest::newRow("too large") << ModelState{{w, doubles("steps", {}, {9.3e18})}, {}} << "no I64 holds";
}

void tst_FlowerModel::strangersAreNamed()
{
    QFETCH(ModelState, received);
    QFETCH(QString, words);
    const auto model = toNetwork(received, network);
    QVERIFY(!model);
    QCOMPARE(model.error().code, ErrorCode::Invalid);
    QVERIFY2(QString::fromStdString(model.error().message).contains(words), model.error().message.c_str());
}

QTEST_GUILESS_MAIN(tst_FlowerModel)
#include "tst_flower_model.moc"
