//! What customers and agents say in English. `{…}` words are filled in.

use super::words::{Language, Topic};

/// The shop's English-speaking side.
pub const ENGLISH: Language = Language {
    greetings: &["Hi,", "Hello,", "Hi there,", "Good morning,", "Dear Haru team,", ""],
    closings: &[
        "Thanks,\n{name}",
        "Best regards,\n{name}",
        "Many thanks!\n{name}",
        "{name}",
        "Cheers,\n{name}",
        "Kind regards,\n{name}\n\nSent from my iPhone",
    ],
    hello: &["Hi {first},", "Hello {first},", "Dear {first},"],
    bye: &["Warm wishes,\n{agent}", "Best,\n{agent}\nHaru Goods", "Let me know if anything else comes up.\n\n{agent}"],
    thanks: &[
        "Perfect, thank you so much!",
        "Great, that solves it. Thank you!",
        "Thanks for the quick answer, much appreciated.",
        "Wonderful, you made my day.",
        "Understood, thanks {agent}.",
    ],
    once_more: &["One more thing, if I may:", "Sorry to come back to you again.", "While I have you:", "Another question about the same order:"],
    holds: &[
        "Waiting for the carrier's investigation, case opened today.",
        "Supplier says new stock leaves the kiln on Thursday.",
        "Asked accounting; they answer by tomorrow noon.",
    ],
    products: &[
        "moon jar vase",
        "linen apron",
        "porcelain mug",
        "linen duvet set",
        "onggi teapot",
        "buncheong plate set",
        "linen tablecloth",
        "celadon tea cup",
        "stoneware ramen bowl",
        "linen bath towel",
    ],
    cities: &["London", "Berlin", "Portland", "Toronto", "Melbourne", "Amsterdam", "Dublin", "Singapore", "Stockholm", "Chicago"],
    topics: &[
        Topic {
            tag: "shipping",
            urgent: 2,
            subjects: &["Where is my order {order}?", "Tracking for {order} has not moved", "Delivery of {product} to {city}"],
            questions: &[
                "I ordered the {product} on {date} (order {order}) and the tracking has said \"label created\" for {days} days now. Could you check whether it has actually left your warehouse?",
                "My parcel {order} was supposed to arrive in {city} last week. The carrier's site only says \"in transit\". I need the {product} for a birthday on Saturday, so I am getting a bit nervous.",
                "The courier says my order {order} was delivered yesterday, but nothing is here and the neighbours have not seen it either. What do we do now?",
            ],
            replies: &[
                "thank you for your patience. I have just spoken to the carrier: your {product} is in their {city} depot and is out for delivery within {days} working days. I will keep an eye on {order} and write to you as soon as it moves.",
                "I am sorry for the wait. The parcel was scanned this morning, the tracking page just had not caught up. If {order} is not with you by Friday I will send a second {product} straight away.",
            ],
            more: &[
                "It still shows the same status this morning. Is there a phone number for the carrier?",
                "Could you please change the delivery to a pick-up point? I am at work all day.",
            ],
            answers: &[
                "I have changed it with the carrier; you will get a text with a one-hour slot.",
                "I asked for an investigation and, to be safe, a replacement {product} leaves today by express. You will not be charged.",
            ],
            notes: &["Carrier case opened for {order}. If no scan by Friday: resend, do not wait for the outcome."],
        },
        Topic {
            tag: "damaged",
            urgent: 4,
            subjects: &["{product} arrived broken", "Broken in transit - order {order}", "Chip on my new {product}"],
            questions: &[
                "I opened the box today and the {product} has a crack from the rim to the foot. The outer carton looks fine. I attach a photo. Can I have a new one?",
                "Sadly one of the pieces of order {order} arrived in three parts. Packaging was lovely, but evidently not enough for our postman. Would you rather refund or replace it?",
                "There is a small chip on the glaze of the {product}. Is this considered normal for hand-made pieces? It is a present, so I would prefer one without.",
            ],
            replies: &[
                "oh no, I am so sorry. Thank you for the picture, that is all I need. A new {product} leaves our studio tomorrow, double-boxed. Please keep or recycle the broken one, no need to send it back.",
                "that is not how a {product} should arrive. I can replace it or refund the full amount, whichever you prefer. Which one may I do for you?",
            ],
            more: &[
                "A replacement would be lovely, thank you. Same address in {city}.",
                "I would prefer the refund then. How long does it take to show up?",
            ],
            answers: &[
                "Done. You will get the tracking number tonight.",
                "I have refunded it to the card you paid with; banks usually show it within {days} working days.",
            ],
            notes: &["Third {product} from this batch with a crack. Told the studio to check the packing foam."],
        },
        Topic {
            tag: "refund",
            urgent: 1,
            subjects: &["Return of order {order}", "Refund not received yet", "I would like to send the {product} back"],
            questions: &[
                "the {product} is beautiful but larger than I imagined, and it does not fit our shelf. It is unused and in its box. How do I return it from {city}?",
                "I sent back order {order} {days} days ago, and the tracking says you received it. I have not seen the refund yet. Could you check?",
                "I ordered two by mistake and only want to keep one {product}. Can I return the other without opening it?",
            ],
            replies: &[
                "of course. You can return unused pieces within 30 days. I attach a label; hand the parcel in at any post office in {city}. As soon as it is scanned, I start the refund for {order}.",
                "your parcel arrived here, and I have just released the refund. It takes {days} working days until your bank shows it. I am sorry that it took us so long.",
            ],
            more: &["Do I have to use the original box? It is a little dented.", "Thanks! Could I exchange it for the smaller size instead?"],
            answers: &[
                "Any sturdy box will do, just wrap the piece twice.",
                "Yes, the small size is in stock. I have reserved one under {order}; no extra cost.",
            ],
            notes: &["Refund {order} approved, outside the 30 days by two days, good customer."],
        },
        Topic {
            tag: "care",
            urgent: 0,
            subjects: &["Is the {product} dishwasher safe?", "Washing instructions for linen", "Tea stains on the {product}"],
            questions: &[
                "quick question before I ruin it: can the {product} go into the dishwasher, and what about the microwave?",
                "at what temperature should I wash the linen? I am afraid that it will shrink. And is it normal that it feels so stiff at first?",
                "after a month of daily use the inside of my {product} has brown lines. Is there a way to get rid of them without scratching the glaze?",
            ],
            replies: &[
                "it can: glazed pieces are fine in the dishwasher and the microwave. Only pieces with a gold rim should be washed by hand. Avoid going straight from the fridge into hot water.",
                "wash it at 40 °C and hang it up damp; it shrinks by at most 3 %, which we allow for. Linen becomes soft after three or four washes, without softener please.",
            ],
            more: &["And the oven? I thought of warming plates at 80 degrees.", "Great. Do you sell the baking soda paste you mention on the card?"],
            answers: &[
                "80 °C is fine as long as the oven heats up with the plates in it.",
                "We do not, but ordinary baking soda with a few drops of water works just as well.",
            ],
            notes: &["Add this question to the care page, asked four times this week."],
        },
        Topic {
            tag: "restock",
            urgent: 0,
            subjects: &["When will the {product} be back?", "Restock of {product}", "Waiting list for the {product}"],
            questions: &[
                "the {product} has been sold out since {date}. Do you know when there will be more? I would take four.",
                "I missed the last batch of the {product} by minutes. Is there a waiting list, and do you ship to {city}?",
                "is the {product} in the natural colour coming back, or was it a one-off? My sister has one and I am jealous.",
            ],
            replies: &[
                "the next firing is planned for the end of the month, and the {product} will be back in the shop about {days} days later. Shall I reserve one for you?",
                "I have put you on the list for the {product}; you will get a mail a day before it goes on sale. And yes, we ship to {city}.",
            ],
            more: &["Yes please, reserve them for me!", "Will the price stay the same?"],
            answers: &["Done, they are yours until the 15th.", "It will, we do not plan to change prices this year."],
            notes: &["Reserve for this customer from the next batch."],
        },
        Topic {
            tag: "wholesale",
            urgent: 1,
            subjects: &["Wholesale enquiry from {city}", "Price list for cafes", "{product} for our restaurant"],
            questions: &[
                "we run a small cafe in {city} and have fallen in love with the {product}. Do you have a wholesale price list, and what is the minimum order?",
                "for the opening of our second shop we need sixty pieces of the {product} by spring. Would that be possible, and could you put our logo on the foot?",
                "could you send us a quotation for twenty sets including shipping to {city}? We would pay by bank transfer.",
            ],
            replies: &[
                "thank you for thinking of us. I attach our price list: from 24 pieces there are 25 % off, from 60 pieces 35 %. Shipping to {city} takes about three weeks by sea.",
                "sixty pieces are well possible with eight weeks' notice. A stamp with your logo costs 120 dollars once. I attach a quotation that is valid for 30 days.",
            ],
            more: &["Could we mix glazes within one order?", "We would like to see a sample first. How does that work?"],
            answers: &["Yes, in steps of six per glaze.", "I will send two pieces; we take their price off your first order."],
            notes: &["Good lead, {city}. Ask for the opening date before quoting.", "Margin is fine down to 33 %."],
        },
        Topic {
            tag: "payment",
            urgent: 3,
            subjects: &["Charged twice for {order}", "Payment failed but money is gone", "Discount code does not work"],
            questions: &[
                "my card was charged twice for order {order}. Please refund one of them. I attach a screenshot of my bank statement.",
                "the checkout said that the payment failed, yet my bank shows it as pending. Did my order for the {product} go through or not?",
                "the code WELCOME10 from your newsletter says \"not valid\" at checkout. I have only the {product} in my cart. What am I doing wrong?",
            ],
            replies: &[
                "I am sorry for the scare. The second one is only a reservation that was never booked; it disappears by itself within {days} days. I have told our payment provider to release it at once.",
                "nothing wrong on your side: the code expired at midnight. I made you a new one, HARU-{days}0, that works until Sunday.",
            ],
            more: &[
                "It has not disappeared yet and my bank says only the merchant can release it.",
                "That worked, thank you! Can I still add a gift box to the order?",
            ],
            answers: &[
                "I have sent your bank a written release just now. Here is its reference: {order}-R.",
                "I have added one, with our compliments.",
            ],
            notes: &["Provider confirmed: authorisation voided."],
        },
        Topic {
            tag: "gift",
            urgent: 1,
            subjects: &["Gift wrapping for {order}", "Can you add a card?", "Wedding present - {product}"],
            questions: &[
                "could you wrap the {product} as a gift and add a card that says \"For Mina, with love from all of us\"? And please leave the invoice out.",
                "we would like to give the {product} as a wedding present. Can it be sent to {city} so that it arrives between the 10th and the 14th?",
                "I forgot to tick gift wrapping for order {order}. Is it too late?",
            ],
            replies: &[
                "with pleasure. It will be wrapped in linen cloth with a hand-written card, and the invoice comes to you by mail only.",
                "it is not too late, your order is packed this afternoon. I have added the wrapping, and there is nothing to pay.",
            ],
            more: &["Lovely! Could the ribbon be green?", "Can you send me a photo once it is wrapped?"],
            answers: &["Green it is.", "Of course, here it is. I hope they like it as much as we do."],
            notes: &["Card text copied to the packing slip."],
        },
    ],
};
